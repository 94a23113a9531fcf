import {
  type BoxCorners,
  boxNms,
  cropBoxes,
  isNearCropEdge,
  pointGrids,
  uncropBox,
  uncropPoint,
} from '@samgpu/mask';

import { type Algorithm, boxOf, eachCase, exactly } from './algorithm.ts';

interface GridCase {
  readonly n_per_side: number;
  readonly n_layers: number;
  readonly scale_per_layer: number;
  readonly grids: readonly (readonly (readonly [number, number])[])[];
}

interface CropCase {
  readonly im_size: readonly [height: number, width: number];
  readonly n_layers: number;
  readonly overlap_ratio: number;
  readonly crop_boxes: readonly BoxCorners[];
  readonly layer_idxs: readonly number[];
}

interface EdgeCase {
  readonly orig_box: BoxCorners;
  readonly crop_box: BoxCorners;
  readonly boxes: readonly BoxCorners[];
  readonly atol: number;
  readonly near: readonly boolean[];
  readonly uncropped_boxes: readonly BoxCorners[];
  readonly uncropped_points: readonly (readonly [number, number])[];
}

interface NmsCase {
  readonly boxes: readonly BoxCorners[];
  readonly scores: readonly number[];
  readonly categories?: readonly number[];
  readonly iou_threshold: number;
  readonly keep: readonly number[];
}

export const boxAlgorithms: readonly Algorithm[] = [
  eachCase('point_grids', ['n_per_side', 'grids'], (item: GridCase, at, stages) => {
    const { n_per_side: side, n_layers: layers, scale_per_layer: scale, grids } = item;
    const made = pointGrids(side, layers, scale).map((grid) => grid.map(({ x, y }) => [x, y]));
    exactly(stages, at, made, grids);
  }),
  eachCase('crop_boxes', ['im_size', 'crop_boxes'], (item: CropCase, at, stages) => {
    const [height, width] = item.im_size;
    const crops = cropBoxes({ width, height }, item.n_layers, item.overlap_ratio);
    const corners = crops.map((box) => [box.x, box.y, box.x + box.width, box.y + box.height]);
    exactly(stages, `${at}.boxes`, corners, item.crop_boxes);
    const layers = crops.map(({ layer }) => layer);
    exactly(stages, `${at}.layers`, layers, item.layer_idxs);
  }),
  eachCase('crop_edges', ['crop_box', 'boxes', 'near'], (item: EdgeCase, at, stages) => {
    const [crop, image] = [boxOf(item.crop_box), boxOf(item.orig_box)];
    const near = item.boxes.map((box) => isNearCropEdge(box, crop, image, item.atol));
    exactly(stages, `${at}.near`, near, item.near);
    const boxes = item.boxes.map((box) => uncropBox(box, crop));
    exactly(stages, `${at}.uncropped_boxes`, boxes, item.uncropped_boxes);
    const points = item.boxes.map(([x, y]) => {
      const point = uncropPoint({ x, y }, crop);
      return [point.x, point.y];
    });
    exactly(stages, `${at}.uncropped_points`, points, item.uncropped_points);
  }),
  eachCase('nms', ['boxes', 'scores', 'iou_threshold'], (item: NmsCase, at, stages) => {
    const { boxes, scores, categories, iou_threshold: threshold } = item;
    const kept = boxNms(boxes, scores, threshold, { ...(categories && { categories }) });
    exactly(stages, at, kept, item.keep);
  }),
];
