import type { Route } from '../../router.ts';
import { jsonReply, readJsonFields } from '../../wire.ts';
import type { Chain } from '../chain/chain.ts';
import type { Snapshot } from '../chain/ledger.ts';
import { readTableQueries, selectRows, type TableQuery } from './query.ts';
import { TABLES } from './tables.ts';

/** The indexer's one address: enough of GraphQL for the queries that the SDK makes. */
export function indexerRoutes(chain: Chain, snapshot: () => Snapshot): readonly Route[] {
  const answer: Route['handle'] = ({ request }) => {
    const { query, variables } = readJsonFields(request.body) ?? {};
    if (typeof query !== 'string') return jsonReply(200, { errors: [{ message: 'no query string was given' }] });
    const given = typeof variables === 'object' && variables !== null ? (variables as Record<string, unknown>) : {};
    chain.catchUp();
    const at = snapshot();
    const answers = readTableQueries(query, given).map((each) => [each.table, read(chain, at, each)] as const);
    return jsonReply(200, { data: Object.fromEntries(answers) });
  };
  return [{ method: 'POST', path: '/v1/graphql', stage: 'query', operation: 'indexer', handle: answer }];
}

const AGGREGATE = '_aggregate';

function read(chain: Chain, snapshot: Snapshot, { table, args }: TableQuery): unknown {
  const isAggregate = table.endsWith(AGGREGATE);
  const name = isAggregate ? table.slice(0, -AGGREGATE.length) : table;
  const rows = selectRows(TABLES[name]?.(chain, snapshot, args['where']) ?? [], args);
  return isAggregate ? { aggregate: { count: rows.length } } : rows;
}
