import type { HttpRequest, HttpResponse } from '@canza/core';

import type { RequestStage } from './faults.ts';

/** A request on its way through an emulator. */
export interface Call {
  readonly request: HttpRequest;
  readonly url: URL;
  /** The parts of the path that the route's pattern names. */
  readonly params: Readonly<Record<string, string>>;
  readonly stage: RequestStage;
  /** The operator's operation, such as `stk-push`. */
  readonly operation: string;
}

/** One endpoint of an operator. */
export interface Route {
  readonly method: HttpRequest['method'];
  /** Path as the operator documents it; `{name}` stands for one segment. */
  readonly path: string;
  readonly stage: RequestStage;
  readonly operation: string;
  readonly handle: (call: Call) => HttpResponse | Promise<HttpResponse>;
}

export type RouteMatch =
  | { readonly kind: 'found'; readonly route: Route; readonly call: Call }
  | { readonly kind: 'wrong-method' }
  | { readonly kind: 'unknown-path' };

/** Finds the route of a request by method and path; a trailing slash makes no difference. */
export function createRouter(routes: readonly Route[]): (request: HttpRequest) => RouteMatch {
  const fixed = Map.groupBy(
    routes.filter(({ path }) => !path.includes('{')),
    ({ path }) => withoutLastSlash(path),
  );
  const patterns = routes
    .filter(({ path }) => path.includes('{'))
    .map((route) => ({ route, segments: segmentsOf(route.path) }));

  const candidatesFor = (path: string): readonly Candidate[] => {
    const exact = fixed.get(path);
    if (exact !== undefined) return exact.map((route) => ({ route, params: {} }));
    const segments = segmentsOf(path);
    return patterns.flatMap((pattern) => {
      const params = matchSegments(pattern.segments, segments);
      return params === undefined ? [] : [{ route: pattern.route, params }];
    });
  };
  return (request) => {
    const url = new URL(request.url);
    const candidates = candidatesFor(withoutLastSlash(url.pathname));
    const found = candidates.find(({ route }) => route.method === request.method);
    if (found === undefined) return { kind: candidates.length > 0 ? 'wrong-method' : 'unknown-path' };
    const { route, params } = found;
    return { kind: 'found', route, call: { request, url, params, stage: route.stage, operation: route.operation } };
  };
}

interface Candidate {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

const withoutLastSlash = (path: string): string => (path.endsWith('/') ? path.slice(0, -1) : path);

const segmentsOf = (path: string): readonly string[] => path.split('/').filter((segment) => segment !== '');

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] ?? '';
    if (expected.startsWith('{')) params[expected.slice(1, -1)] = decodeSegment(actual);
    else if (expected !== actual) return undefined;
  }
  return params;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
