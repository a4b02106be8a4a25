/** `@canza/integrations/doctor`: going to production as a checklist in code. `npx @canza/integrations doctor` runs it. */

export type { Check, Finding, HeardTime, Surroundings, Verdict } from './check.ts';
export { CHECKS, type Examination, type ExamineOptions, examine } from './examine.ts';
export type { Probes, ShownCertificate } from './probes.ts';
export { formatExamination } from './report.ts';
