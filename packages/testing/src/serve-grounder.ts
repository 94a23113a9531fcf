import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import sharp from 'sharp';

import { colorGrounder } from './color-grounder.ts';

/** A question as `httpGrounder` of `@samgpu/text` posts it. */
interface Question {
  readonly words: string;
  readonly picture: {
    readonly mediaType: string;
    readonly width: number;
    readonly height: number;
    readonly data: string;
  };
  readonly minScore?: number;
}

/** What was asked, without the picture's bytes. */
export interface AskedQuestion {
  readonly words: string;
  readonly width: number;
  readonly height: number;
  readonly minScore: number | undefined;
  readonly authorization: string | undefined;
  readonly origin: string | undefined;
}

export interface GrounderServer {
  readonly url: string;
  /** In the order in which they came. */
  readonly asked: readonly AskedQuestion[];
  close(): Promise<void>;
}

/** {@link colorGrounder} behind HTTP, on any free port of this machine. */
export async function serveColorGrounder(): Promise<GrounderServer> {
  const asked: AskedQuestion[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      try {
        const { words, picture, minScore } = await questionIn(request);
        const { width, height } = picture;
        const { authorization, origin } = request.headers;
        asked.push({ words, width, height, minScore, authorization, origin });
        const { data, info } = await sharp(Buffer.from(picture.data, 'base64'))
          .raw()
          .toBuffer({ resolveWithObject: true });
        if (info.width !== width || info.height !== height) {
          throw new Error(`the picture is ${info.width}x${info.height}, not ${width}x${height}`);
        }
        const boxes = await colorGrounder.ground({ ...info, data }, words, {
          ...(minScore !== undefined && { minScore }),
        });
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ boxes }));
      } catch (error) {
        response.writeHead(400, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify({ error: String(error) }));
      }
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function questionIn(request: IncomingMessage): Promise<Question> {
  if (request.method !== 'POST') throw new Error(`${request.method}; wanted POST`);
  if (request.headers['content-type'] !== 'application/json') throw new Error('wanted JSON');
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  const question = JSON.parse(Buffer.concat(parts).toString()) as Question;
  if (question.picture.mediaType !== 'image/png') throw new Error('wanted a PNG');
  return question;
}
