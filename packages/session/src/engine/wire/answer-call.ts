import type { Engine } from '../engine.ts';
import type { WireCall, WireCalls, WireMethod } from './messages.ts';
import type { CallOptions } from './remote-engine.ts';
import { foundToWire, maskFromWire, replyToWire, requestFromWire } from './wire-masks.ts';

/** Does on an engine here what was asked for elsewhere. */
export async function answerCall(
  engine: Engine,
  call: WireCall,
  { onFound, ...task }: CallOptions,
): Promise<WireCalls[WireMethod]['result']> {
  const find = {
    ...task,
    ...(onFound && {
      onFound: (one: Parameters<typeof foundToWire>[0]) => onFound(foundToWire(one)),
    }),
  };
  switch (call.method) {
    case 'models':
      return engine.models(task);
    case 'load':
      return engine.load(...call.args, task);
    case 'encode':
      return engine.encode(...call.args, task);
    case 'segment': {
      const [picture, request] = call.args;
      return replyToWire(await engine.segment(picture, requestFromWire(request), task));
    }
    case 'everything':
      return (await engine.everything(...call.args, find)).map(foundToWire);
    case 'findText':
      return (await engine.findText(...call.args, find)).map(foundToWire);
    default: {
      const [picture, mask, request] = call.args;
      return engine.matte(picture, maskFromWire(mask), request, task);
    }
  }
}
