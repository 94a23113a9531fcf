import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Who may use a server. */
export interface AccessRules {
  /**
   * Pages that may use it, as browsers name them: `https://example.org`, or `null` for sandboxed frames.
   * Programs that are no browsers send no origin and are let in. @defaultValue none
   */
  readonly origins?: readonly string[];
  /**
   * Names that it is called by. Others are refused, so that no page reaches it by a name of its own
   * (DNS rebinding). @defaultValue `localhost`, `127.0.0.1` and `[::1]`
   */
  readonly hosts?: readonly string[];
  /** What clients have to send as `Authorization: Bearer …`. @defaultValue nothing */
  readonly token?: string;
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Why a request is refused; undefined for one that is let in. */
export function refusal(
  { headers, method }: IncomingMessage,
  { origins = [], hosts = LOOPBACK, token }: AccessRules,
): string | undefined {
  const host = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (!hosts.includes(host)) {
    return `the server is not called "${host}"; use one of ${hosts.join(', ')}`;
  }
  const { origin } = headers;
  if (origin !== undefined && !origins.includes(origin)) {
    return `pages of ${origin} may not use this server; start it with this origin allowed`;
  }
  // Images and forms of other pages send no origin, but browsers say that they are of other pages.
  if (origin === undefined && headers['sec-fetch-site'] === 'cross-site') {
    return 'pages of other sites may not use this server';
  }
  if (token !== undefined && method !== 'OPTIONS' && !hasToken(headers.authorization, token)) {
    return 'the token is missing or wrong; send it as Authorization: Bearer';
  }
  return undefined;
}

function hasToken(authorization: string | undefined, token: string): boolean {
  const sent = Buffer.from(authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return sent.length === wanted.length && timingSafeEqual(sent, wanted);
}

/** What lets a browser hand the answer to a page of another origin. */
export function crossOriginHeaders({ headers }: IncomingMessage): Record<string, string> {
  const { origin } = headers;
  if (origin === undefined) return {};
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': 'GET, POST, DELETE',
    'Access-Control-Allow-Headers': 'Content-Type, Authorization',
    ...(headers['access-control-request-private-network'] === 'true' && {
      'Access-Control-Allow-Private-Network': 'true',
    }),
    'Access-Control-Max-Age': '600',
    Vary: 'Origin',
  };
}
