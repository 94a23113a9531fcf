import type { Host, HostOutput, Undo } from './host/host.ts';
import { commitDraft, noDraft } from './objects/commit-draft.ts';
import type { SessionObject } from './objects/session-object.ts';
import type { SessionCore } from './session-core.ts';
import { SessionError } from './session-error.ts';
import type { CommitOptions } from './session-options.ts';

/** Makes an object of the draft once the model has answered, and hands it to the editor. */
export async function commit(
  core: SessionCore,
  host: Host | undefined,
  { as, ...named }: CommitOptions,
): Promise<SessionObject> {
  const { actions, history, lane, setup } = core;
  if (lane.pending) {
    // Nobody would ever answer: say why.
    if (!lane.hasTarget && setup.phase === null) void core.picture;
    await actions.unlessCancelled(lane.answered());
  }
  const { draft } = core;
  if (draft === null) {
    throw core.document.prompts.length > 0 && core.error !== null ? core.error : noDraft();
  }
  const { object, change, label } = commitDraft(core.document, draft, named, core.makers);
  let effect: Undo | undefined;
  if (host !== undefined) {
    await history.effectsDone();
    effect = await core.watch(() => tell(host, object, core, label, as));
  }
  history.push(change, label, effect);
  return object;
}

/** @throws SessionError `host-failed` */
async function tell(
  host: Host,
  { mask, alpha, name, color }: SessionObject,
  { document }: SessionCore,
  label: string,
  as: HostOutput | undefined,
): Promise<Undo> {
  try {
    return await host.commit(
      { mask, name, color, ...(alpha && { alpha }) },
      { operation: document.operation, label, ...(as && { as }) },
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SessionError('host-failed', `the editor refused the result: ${reason}`, { cause });
  }
}
