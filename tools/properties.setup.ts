import { configureGlobal } from 'fast-check';

/**
 * Properties draw the same cases in every run, so that a build fails for what it changed and not by chance.
 * `CANZA_SEED=$RANDOM pnpm test` draws others.
 */
configureGlobal({ seed: Number(process.env['CANZA_SEED'] ?? 20_261_123) });
