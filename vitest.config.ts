// Editors look for this name; the scripts pass the file below with --config.
export { default } from './vitest.workspace.ts';
