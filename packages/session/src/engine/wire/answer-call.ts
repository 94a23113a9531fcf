import { SessionError } from '../../session-error.ts';
import type { VideoEngine } from '../../video/engine/video-engine.ts';
import type { Engine } from '../engine.ts';
import type { WireCall, WireCalls, WireMethod } from './messages.ts';
import type { CallOptions } from './remote-engine.ts';
import type { PortableImage } from './portable-image.ts';
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
      const reply = await engine.segment(picture, requestFromWire(request), task);
      return replyToWire(reply, request.lazy === true);
    }
    case 'everything':
      return (await engine.everything(...call.args, find)).map(foundToWire);
    case 'findText':
      return (await engine.findText(...call.args, find)).map(foundToWire);
    case 'matte': {
      const [picture, mask, request] = call.args;
      return engine.matte(picture, maskFromWire(mask), request, task);
    }
    case 'trackOpen':
      return videoOf(engine).open(...call.args, task);
    case 'trackRemove':
      return videoOf(engine).remove(...call.args);
    case 'trackAdd': {
      const [track, prompt, image] = call.args;
      return usingFrame(image, () => videoOf(engine).add(track, prompt, image, task));
    }
    default: {
      const [track, step, image] = call.args;
      return usingFrame(image, () => videoOf(engine).follow(track, step, image, task));
    }
  }
}

function videoOf({ video }: Engine): VideoEngine {
  if (video !== undefined) return video;
  throw new SessionError('unsupported', 'this engine follows nothing through videos');
}

/** What was sent for one call only is freed with it, as decoded frames are large. */
async function usingFrame<Result>(
  image: PortableImage,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } finally {
    if ('close' in image) image.close();
  }
}
