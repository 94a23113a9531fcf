import type * as ort from 'onnxruntime-web';

/** What onnxruntime-web, onnxruntime-node and their variants all export. */
export type OrtModule = typeof ort;
export type OrtSession = ort.InferenceSession;
export type OrtTensor = ort.Tensor;
export type OrtSessionOptions = ort.InferenceSession.SessionOptions;
