export { exportOnnx, type ExternalData, type OnnxModel } from './export/export-onnx.ts';
export type { ExportOptions } from './export/plan-graph.ts';
export { OnnxError, type OnnxErrorCode } from './onnx-error.ts';
export {
  createOnnxBackend,
  type OnnxBackend,
  type OnnxBackendOptions,
} from './runtime/onnx-backend.ts';
export type { RuntimeKind, RuntimeOptions } from './runtime/runtime.ts';
