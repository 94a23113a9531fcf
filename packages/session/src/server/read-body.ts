import type { IncomingMessage } from 'node:http';

import { BadRequest } from './bad-request.ts';

/** @throws BadRequest for more than `limit` bytes */
export async function readBody(
  request: IncomingMessage,
  limit: number,
): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limit) {
      throw new BadRequest(413, `a body of more than ${limit} bytes; the server's limit is lower`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}
