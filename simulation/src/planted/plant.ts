/**
 * Loads one planted bug, named by `PLANTED_BUG`, in the place of the sources: for `node --import`.
 * Fails where the source is no longer as the bug expects it.
 */
import { registerHooks } from 'node:module';

import { applyEdits } from './apply-edits.ts';
import { PLANTED_BUGS } from './bugs.ts';

const planted = PLANTED_BUGS.find(({ name }) => name === process.env['PLANTED_BUG']);
if (planted === undefined) throw new Error('PLANTED_BUG names no planted bug.');

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const edits = planted.edits.filter(({ file }) => url.endsWith(`/packages/${file}`));
    if (edits.length === 0 || loaded.source === null || loaded.source === undefined) return loaded;
    const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
    return { ...loaded, source: applyEdits(source, edits) };
  },
});
