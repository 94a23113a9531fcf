export { writeOnnxFile, type WriteOptions } from './export/write-onnx-file.ts';
