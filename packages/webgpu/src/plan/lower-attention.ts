import { type GraphNode, type NodeId } from '@samgpu/graph';
import { denseView, relativePositions } from '@samgpu/kernels';

import { WebGpuError } from '../webgpu-error.ts';
import { attentionKernel, windowAttentionKernel } from './attention-kernels.ts';
import { joinStatics } from './join-statics.ts';
import { asIs } from './packing.ts';
import { labelOf, type Planner } from './planner.ts';
import type { BoundValue } from './program-plan.ts';
import { tokensOf } from './tokens.ts';

export function attention(node: GraphNode<'attention'>, planner: Planner): void {
  const [query, key, value, keyBias] = node.inputs as [NodeId, NodeId, NodeId, NodeId?];
  const { heads, scale } = node.attributes;
  const [batch, queries, width] = planner.node(query).shape as [number, number, number];
  const [, keys, valueWidth] = planner.node(value).shape as [number, number, number];
  const q = tokensOf(query, batch, planner);
  const k = tokensOf(key, batch, planner);
  const v = tokensOf(value, batch, planner);
  const isShared = keyBias !== undefined && planner.node(keyBias).shape[0] === 1;
  const kernel = attentionKernel(
    { batch, queries, keys, heads, width: width / heads, valueWidth: valueWidth / heads },
    {
      scale,
      query: q.view,
      key: k.view,
      value: v.view,
      ...(keyBias === undefined ? {} : { keyBias: isShared ? 'shared' : 'batch' }),
    },
    planner,
  );
  planner.emit(node, kernel, {
    query: q.operand,
    key: k.operand,
    value: v.operand,
    ...(keyBias === undefined ? {} : { keyBias: planner.dense(keyBias) }),
    y: planner.result(node),
  });
}

/** Without a learned bias, which `decompose` has taken apart before. */
export function gridAttention(node: GraphNode<'gridAttention'>, planner: Planner): void {
  const { heads, scale, relative, padding, bias } = node.attributes;
  const [grid, window] = [extent(node.attributes.grid), extent(node.attributes.window)];
  const [query, key, value, ...rest] = node.inputs as [NodeId, NodeId, NodeId, ...NodeId[]];
  const [batch, positions, width] = planner.node(query).shape as [number, number, number];
  const valueWidth = planner.node(value).shape[2]!;
  const q = tokensOf(query, batch, planner);
  const k = tokensOf(key, batch, planner);
  const v = tokensOf(value, batch, planner);
  const head = { heads, width: width / heads, valueWidth: valueWidth / heads };
  const views = { scale, query: q.view, key: k.view, value: v.view };
  const operands: Record<string, BoundValue> = {
    query: q.operand,
    key: k.operand,
    value: v.operand,
  };
  if (relative && (bias || head.width % 4 !== 0 || head.valueWidth % 4 !== 0)) {
    throw new WebGpuError(
      'unsupported',
      `${labelOf(node)}: relative positions with heads of ${head.width} and ${head.valueWidth}` +
        `${bias ? ' and a learned bias' : ''}, wanted multiples of 4 and no bias`,
    );
  }
  if (relative) {
    for (const [axis, name] of [
      ['height', 'relativeHeight'],
      ['width', 'relativeWidth'],
    ] as const) {
      const kernel = relativePositions(
        { batch, grid, window, heads, width: head.width },
        { axis, query: q.view },
        planner.device.kernels,
      );
      const shape = [batch, positions, heads, window[axis]];
      const y = { value: planner.addComputed(shape, `${name} of ${node.label}`), offset: 0 };
      const table = planner.dense(rest[axis === 'height' ? 0 : 1]!);
      planner.emit(node, kernel, { query: q.operand, table, y });
      operands[name] = y;
    }
  }
  const isWhole = window.height === grid.height && window.width === grid.width;
  if (isWhole) {
    const kernel = attentionKernel(
      { batch, queries: positions, keys: positions, ...head },
      { ...views, ...(relative ? { relative: grid } : {}) },
      planner,
    );
    planner.emit(node, kernel, { ...operands, y: planner.result(node) });
    return;
  }
  const needsPadding = grid.height % window.height !== 0 || grid.width % window.width !== 0;
  const valueOffset = Math.ceil(width / 4) * 4;
  const kernel = windowAttentionKernel(
    { batch, grid, window, ...head },
    {
      ...views,
      relative,
      ...(needsPadding ? { padding: { keyOffset: 0, valueOffset } } : {}),
    },
    planner,
  );
  if (needsPadding) {
    const filling = padding ? rest.slice(relative ? 2 : 0) : [];
    operands['padding'] = paddingOf(node, filling, [width, valueWidth], planner);
  }
  planner.emit(node, kernel, { ...operands, y: planner.result(node) });
}

/** Key and value of positions outside of the grid, one behind the other, each at a multiple of 4. */
function paddingOf(
  node: GraphNode,
  filling: readonly NodeId[],
  widths: readonly [number, number],
  planner: Planner,
): BoundValue {
  if (filling.every((id) => planner.isStatic(id))) {
    const joined = joinStatics(
      filling.map((id) => planner.static(id)),
      widths,
    );
    return planner.upload(joined, asIs(joined));
  }
  const starts = [0, Math.ceil(widths[0] / 4) * 4];
  const value = planner.addComputed([starts[1]! + widths[1]], `padding of ${node.label}`);
  for (const [index, id] of filling.entries()) {
    const { shape } = planner.node(id);
    planner.copyInto(node, planner.at(id), { value, view: denseView(shape, starts[index]) });
  }
  return { value, offset: 0 };
}

function extent([height, width]: readonly [number, number]): { height: number; width: number } {
  return { height, width };
}
