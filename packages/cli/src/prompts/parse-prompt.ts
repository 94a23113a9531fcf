import type { Box, Point, PointLabel } from 'samgpu';

import type { DescribedObject } from '../arguments/described-object.ts';
import { parseLabel } from '../arguments/point.ts';
import { isJsonObject, jsonFault, type JsonValue, numbersIn } from './json-value.ts';

const PROMPT = 'an object with points, box or mask, or several of them';
const POINT = 'a point as {"x": 320, "y": 240, "label": "include"} or [320, 240, 1]';
const BOX = 'a box as {"x": 100, "y": 80, "width": 220, "height": 160} or [100, 80, 220, 160]';

/** Whether a value is meant as one prompt, and not as a map from pictures to prompts. */
export function looksLikePrompt(value: unknown): boolean {
  return isJsonObject(value) && ['points', 'box', 'mask'].some((key) => Object.hasOwn(value, key));
}

/**
 * One prompt of a prompts file.
 *
 * @param resolvePath - makes a path of the file one of this process
 * @throws UsageError that says where in the file what is wrong
 */
export function parsePrompt(
  json: JsonValue,
  resolvePath: (path: string) => string,
): DescribedObject {
  const { value, place } = json;
  if (!isJsonObject(value) || !looksLikePrompt(value)) throw jsonFault(json, PROMPT);
  const { points = [], box, mask, ...unknown } = value;
  const [stranger] = Object.keys(unknown);
  if (stranger !== undefined) {
    throw jsonFault({ value: stranger, place: `${place}: a key` }, 'points, box or mask');
  }
  if (!Array.isArray(points))
    throw jsonFault({ value: points, place: `${place}, points` }, 'a list');
  if (points.length === 0 && box === undefined && mask === undefined) throw jsonFault(json, PROMPT);
  if (mask !== undefined && typeof mask !== 'string') {
    throw jsonFault({ value: mask, place: `${place}, mask` }, 'the path of a file');
  }
  return {
    points: points.map((point: unknown, i) =>
      parsePoint({ value: point, place: `${place}, points[${i}]` }),
    ),
    ...(box !== undefined && { box: parseBox({ value: box, place: `${place}, box` }) }),
    ...(mask !== undefined && { maskFile: resolvePath(mask) }),
  };
}

function parsePoint(json: JsonValue): Point {
  const list = valuesOf(json.value, ['x', 'y', 'label']);
  const position = numbersIn(list.slice(0, 2), 2);
  const label = labelOf(list[2] ?? 'include');
  if (position === undefined || label === undefined || list.length > 3)
    throw jsonFault(json, POINT);
  return { x: position[0]!, y: position[1]!, label };
}

function labelOf(value: unknown): PointLabel | undefined {
  return typeof value === 'string' || typeof value === 'number'
    ? parseLabel(String(value))
    : undefined;
}

function parseBox(json: JsonValue): Box {
  const numbers = numbersIn(valuesOf(json.value, ['x', 'y', 'width', 'height']), 4);
  if (numbers === undefined) throw jsonFault(json, BOX);
  const [x, y, width, height] = numbers as [number, number, number, number];
  if (width <= 0 || height <= 0) throw jsonFault(json, `${BOX}, with a positive width and height`);
  return { x, y, width, height };
}

/** A list as it is, the values of an object in the order of its keys, or nothing. */
function valuesOf(value: unknown, keys: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isJsonObject(value) || Object.keys(value).some((key) => !keys.includes(key))) return [];
  return keys.map((key) => value[key]);
}
