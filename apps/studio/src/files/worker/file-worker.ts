import { DocumentError } from '@samgpu/document';

import { exporters } from '../exporters.ts';
import { documentFrom } from './document-from.ts';
import type { WriteAnswer, WriteRequest } from './messages.ts';

const answer = (message: WriteAnswer): void => {
  self.postMessage(message, { transfer: [] });
};

async function write({ format, document, options }: WriteRequest): Promise<WriteAnswer> {
  try {
    const blob = await exporters[format].write(documentFrom(document), options);
    return { kind: 'written', blob };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      kind: 'failed',
      code: error instanceof DocumentError ? error.code : undefined,
      message,
    };
  }
}

self.addEventListener('message', (event: MessageEvent<WriteRequest>) => {
  void write(event.data).then(answer);
});
answer({ kind: 'ready' });
