import type { Edit } from './bugs.ts';

/** Makes the edits of one file. @throws Error where the source no longer has what is to be replaced, or has it twice. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  let edited = source;
  for (const { file, find, replace } of edits) {
    const parts = edited.split(find);
    if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${find}`);
    edited = parts.join(replace);
  }
  return edited;
}
