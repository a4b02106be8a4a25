/** Traced by tools/check-imports.ts: a service that only runs menus, as its users would write it. */
import { createIntegrations } from '@canza/integrations';
import { defineMenu } from '@canza/integrations/ussd';

const menu = defineMenu({
  name: 'greeting',
  languages: ['en'],
  start: 'hello',
  screens: { hello: { kind: 'end', text: { en: 'Hello' } } },
});
const { initialize, shutdown } = await createIntegrations({ ussd: { menu, store: 'memory' } });
await initialize();
await shutdown();
