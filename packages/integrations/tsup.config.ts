import { defineConfig } from 'tsup';
import { eachModule } from '../../tools/tsup.ts';

export default defineConfig(eachModule);
