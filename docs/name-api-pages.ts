/** Gives the page of each package's main entry its name, which typedoc leaves empty. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const api = fileURLToPath(new URL('api/@canza/', import.meta.url));
for (const name of readdirSync(api)) {
  const page = `${api}${name}/README.md`;
  if (existsSync(page)) writeFileSync(page, readFileSync(page, 'utf8').replace(/^# *$/m, `# @canza/${name}`));
}
