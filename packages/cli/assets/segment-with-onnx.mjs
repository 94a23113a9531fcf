// Segments the object under a click with the two ONNX models beside this file.
//
//   npm install onnxruntime-node sharp
//   node segment.mjs photo.jpg 320 240 mask.png
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

const [photo, clickX, clickY, output = 'mask.png'] = process.argv.slice(2);
const beside = (name) => fileURLToPath(new URL(name, import.meta.url));
const facts = JSON.parse(readFileSync(beside('model.json'), 'utf8'));

// Quantised weights are made floats once, when a model is loaded, and not again in each run.
const options = { extra: { session: { disable_quant_qdq: '1' } } };
const open = (name) => InferenceSession.create(beside(name), options);

const { image, frame } = await readPhoto(photo);
const encoder = await open('encoder.onnx');
const features = await encoder.run({ image });
const decoder = await open('decoder.onnx');
const outputs = await decoder.run({ ...features, ...clickInputs(+clickX, +clickY, frame) });
const { logits, score } = answerOf(outputs);
const mask = enlarge(logits, frame);
await sharp(mask, { raw: { ...frame.original, channels: 1 } })
  .png()
  .toFile(output);
console.log(`${output}: score ${score.toFixed(3)}`);

/** The photo in the model's square, normalised; zeros right of and below it. */
async function readPhoto(path) {
  const { size, fit, rounding, mean, std } = facts.image;
  const pixels = sharp(path).rotate().toColourspace('srgb').flatten({ background: 'white' });
  const { info } = await pixels.clone().raw().toBuffer({ resolveWithObject: true });
  const original = { width: info.width, height: info.height };
  const ratio = size / Math.max(original.width, original.height);
  const round = rounding === 'half-even' ? roundHalfEven : (value) => Math.floor(value + 0.5);
  const side = (length) => (fit === 'squash' ? size : Math.max(1, round(length * ratio)));
  const resized = { width: side(original.width), height: side(original.height) };
  const bytes = await pixels
    .resize({ ...resized, fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  const data = new Float32Array(size * size * 3);
  for (let y = 0; y < resized.height; y++) {
    for (let i = 0; i < resized.width * 3; i++) {
      data[y * size * 3 + i] = (bytes[y * resized.width * 3 + i] - mean[i % 3]) / std[i % 3];
    }
  }
  const image = new Tensor('float32', data, [1, size, size, 3]);
  return { image, frame: { original, resized, ratio } };
}

/** One click; further prompts of the decoder, if it takes several, stay empty. */
function clickInputs(x, y, { original, resized, ratio }) {
  const shapes = new Map(facts.decoder.inputs.map(({ name, shape }) => [name, shape]));
  const length = (name) => shapes.get(name).reduce((product, size) => product * size, 1);
  const toSquare = (position, from, to) => {
    if (facts.image.coordinates === 'scaled') return position * (to / from);
    const scale = facts.image.fit === 'squash' ? to / from : ratio;
    return (position + 0.5) * scale - 0.5;
  };
  const points = new Float32Array(length('points'));
  const labels = new Int32Array(length('labels')).fill(-2);
  facts.tokens.click.forEach((token, index) => {
    points[2 * index] = token.x ?? toSquare(x, original.width, resized.width);
    points[2 * index + 1] = token.y ?? toSquare(y, original.height, resized.height);
    labels[index] = token.label;
  });
  return {
    points: new Tensor('float32', points, shapes.get('points')),
    labels: new Tensor('int32', labels, shapes.get('labels')),
    mask: new Tensor('float32', new Float32Array(length('mask')), shapes.get('mask')),
    hasMask: new Tensor('float32', new Float32Array(length('hasMask')), shapes.get('hasMask')),
  };
}

/** The model's one answer to the first prompt. */
function answerOf({ logits, scores }) {
  const { masks, scores: places = masks, bestOnly = false } = facts.answer.single;
  const candidates = masks.map((mask, index) => ({ mask, score: scores.data[places[index]] }));
  if (bestOnly) candidates.sort((a, b) => b.score - a.score);
  const [{ mask, score }] = candidates;
  const area = facts.masks.logitSize ** 2;
  return { logits: logits.data.subarray(mask * area, (mask + 1) * area), score };
}

/** Logits to a mask of the photo's size, 0 and 255. */
function enlarge(logits, { original, resized }) {
  const { logitSize, upsample, threshold, inclusive } = facts.masks;
  const taps = (from, to) => (upsample === 'bicubic-direct' ? cubicTaps : linearTaps)(from, to);
  // In two steps the square comes between; each axis is one list of weights per pixel all the same.
  const axis = (resizedLength, length) =>
    upsample === 'two-step'
      ? compose(linearTaps(logitSize, facts.image.size), linearTaps(resizedLength, length))
      : taps(logitSize, length);
  const columns = axis(resized.width, original.width);
  const mask = Buffer.alloc(original.width * original.height);
  axis(resized.height, original.height).forEach((rows, y) => {
    const line = Float64Array.from({ length: logitSize }, (_, x) =>
      rows.reduce((sum, [row, weight]) => sum + weight * logits[row * logitSize + x], 0),
    );
    columns.forEach((cells, x) => {
      const value = Math.fround(
        cells.reduce((sum, [cell, weight]) => sum + weight * line[cell], 0),
      );
      const isInside = value > threshold || (inclusive && value === threshold);
      mask[y * original.width + x] = isInside ? 255 : 0;
    });
  });
  return mask;
}

/** For each position of the output, the positions of the input that it is made of, with weights. */
function linearTaps(from, to) {
  return Array.from({ length: to }, (_, index) => {
    const position = Math.max(0, sourcePosition(index, from, to));
    const low = Math.min(Math.floor(position), from - 1);
    const high = Math.min(low + 1, from - 1);
    return [
      [low, 1 - (position - low)],
      [high, position - low],
    ];
  });
}

function cubicTaps(from, to) {
  return Array.from({ length: to }, (_, index) => {
    const position = sourcePosition(index, from, to);
    const base = Math.floor(position);
    return [-1, 0, 1, 2].map((k) => {
      const inside = Math.min(Math.max(base + k, 0), from - 1);
      return [inside, cubicWeight(Math.abs(position - base - k))];
    });
  });
}

/** PyTorch's, with a = -0.75. */
function cubicWeight(d) {
  return d <= 1 ? (1.25 * d - 2.25) * d * d + 1 : -0.75 * (((d - 5) * d + 8) * d - 4);
}

function compose(first, second) {
  return second.map((taps) =>
    taps.flatMap(([position, weight]) => first[position].map(([from, w]) => [from, w * weight])),
  );
}

function sourcePosition(index, from, to) {
  return Math.fround(from / to) * (index + 0.5) - 0.5;
}

function roundHalfEven(value) {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
