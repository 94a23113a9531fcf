export type { HoverPoint } from './answers/answer-lane.ts';
export type {
  Candidate,
  EncodedPicture,
  Engine,
  EngineProgress,
  EverythingRequest,
  FindOptions,
  FoundObject,
  MatteRequest,
  SegmentReply,
  SegmentRequest,
  TaskOptions,
} from './engine/engine.ts';
export type { CanvasSession } from './canvas-session.ts';
export { createHttpEngine, type HttpEngineOptions } from './engine/http/create-http-engine.ts';
export { createEngine, type PageEngineOptions } from './engine/in-page/create-engine.ts';
export {
  createWorkerEngine,
  type WorkerEngineOptions,
} from './engine/worker/create-worker-engine.ts';
export { serveEngine } from './engine/worker/serve-engine.ts';
export type { WorkerPort } from './engine/worker/worker-port.ts';
export type {
  EngineCapabilities,
  LoadedModel,
  ModelChoice,
  ModelDescription,
} from './engine/model-description.ts';
export { bindHost, type BoundPointer, type DragTool, type HostBinding } from './host/bind-host.ts';
export type {
  Host,
  HostCapabilities,
  HostCommitOptions,
  HostOutput,
  HostOverlay,
  HostPicture,
  HostPointer,
  HostResult,
  Undo,
} from './host/host.ts';
export type { NamedMask } from './objects/object-maker.ts';
export type {
  DistanceEdit,
  MaskEdit,
  MaskOperation,
  PieceEdit,
  SessionObject,
} from './objects/session-object.ts';
export type {
  BoxPrompt,
  LassoPrompt,
  MaskPrompt,
  PointPrompt,
  Position,
  ScribblePrompt,
  SessionPrompt,
} from './prompts/session-prompt.ts';
export { SessionError, type SessionErrorCode } from './session-error.ts';
export type { CommitOptions, OpenOptions, SessionOptions } from './session-options.ts';
export { Session } from './session.ts';
export type {
  Draft,
  Finding,
  FoundItem,
  Hover,
  SessionImage,
  SessionPhase,
  SessionSnapshot,
} from './snapshot.ts';
export type { SavedAlpha, SavedObject, SavedPrompt, SessionState } from './state/session-state.ts';
export type {
  OpenedTrack,
  TrackedMask,
  TrackPromptRequest,
  TrackReply,
  TrackRequest,
  TrackStep,
  VideoEngine,
} from './video/engine/video-engine.ts';
export type { FollowDirection } from './video/follow-course.ts';
export type { VideoSource } from './video/opened-video.ts';
export type { SavedTrackedMask, SavedVideoObject, VideoSessionState } from './video/saved-video.ts';
export type { CoverageSpan, KeptMask } from './video/track-results.ts';
export type { VideoObject } from './video/video-document.ts';
export { VideoSession, type VideoSessionOptions } from './video/video-session.ts';
export type {
  Following,
  FrameMask,
  FrameRange,
  OpenVideo,
  VideoSnapshot,
} from './video/video-snapshot.ts';
