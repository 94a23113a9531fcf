import { activationCode, type Activation, linkActivation } from '../activation/activation.ts';
import type { Binding, Kernel, KernelDevice } from '../kernel.ts';
import { specialize } from '../specialize.ts';
import { sizeConstants, strideConstants } from '../view/axes.ts';
import { source as axesSource } from '../view/axes.wgsl.ts';
import { stepGrid } from '../view/grid.ts';
import { groupLanes, type Lanes, laneType } from '../view/lanes.ts';
import { broadcastView, denseView, elementCount, type View, viewExtent } from '../view/view.ts';
import { source as binarySource } from './binary.wgsl.ts';
import { source as integerSource } from './binary-integer.wgsl.ts';
import { source as clampCastSource } from './clamp-cast.wgsl.ts';
import { source as unarySource } from './unary.wgsl.ts';
import { source as whereSource } from './where.wgsl.ts';

/** In the order of the cases of `combine` in the shaders. */
export const BINARY_KINDS = [
  'add',
  'sub',
  'mul',
  'div',
  'max',
  'min',
  'pow',
  'equal',
  'greater',
  'greaterOrEqual',
  'less',
  'lessOrEqual',
] as const;

/** The comparisons give 1 or 0 as f32. */
export type ElementwiseKind = (typeof BINARY_KINDS)[number];

export type ElementType = 'f32' | 'i32';

const FIRST_COMPARISON = BINARY_KINDS.indexOf('equal');
const LARGEST_F32 = 3.4028234663852886e38;

/** Where the result lies: densely, from an offset in elements on. */
interface Placement {
  /** @defaultValue 0 */
  readonly resultOffset?: number;
}

export interface UnaryOptions extends Placement {
  readonly x: View; // f32
  readonly activation: Activation;
}

/**
 * y = activation(x) in f32, y dense of the shape of x. Bindings: x, y.
 *
 * @throws AxesError if x has more than six axes that do not merge
 */
export function unaryKernel(options: UnaryOptions, device: KernelDevice): Kernel {
  const { x, activation, resultOffset = 0 } = options;
  const lanes = groupLanes([x, denseView(x.shape, resultOffset)]);
  const types = { X: laneType('f32', lanes.widths[0]!) };
  return describe(device, lanes, {
    label: `unary ${activation} ${x.shape.join('x')}`,
    source: linkActivation(`${specialize(unarySource, { types })}\n${axesSource}`, lanes.lanes),
    constants: { ACTIVATION: activationCode(activation) },
    operands: { x },
    resultOffset,
  });
}

export interface ClampCastOptions extends Placement {
  readonly x: View;
  readonly from: ElementType;
  readonly to: ElementType;
  /** Before the conversion. @defaultValue no limit */
  readonly minimum?: number;
  readonly maximum?: number;
}

/**
 * x within limits, converted: f32 to i32 truncates towards zero. Bindings: x, y.
 *
 * @throws AxesError if x has more than six axes that do not merge
 */
export function clampCastKernel(options: ClampCastOptions, device: KernelDevice): Kernel {
  const { x, from, to, resultOffset = 0 } = options;
  const [least, greatest] =
    from === 'f32' ? [-LARGEST_F32, LARGEST_F32] : [-(2 ** 31), 2 ** 31 - 1];
  const within = (limit: number): number => Math.min(Math.max(limit, least), greatest);
  const lanes = groupLanes([x, denseView(x.shape, resultOffset)]);
  const types = {
    Element: from,
    Value: laneType(from, lanes.lanes),
    X: laneType(from, lanes.widths[0]!),
    Result: laneType(to, lanes.lanes),
  };
  return describe(device, lanes, {
    label: `clamp-cast ${from} ${to} ${x.shape.join('x')}`,
    source: `${specialize(clampCastSource, { types })}\n${axesSource}`,
    constants: {
      MINIMUM: within(options.minimum ?? least),
      MAXIMUM: within(options.maximum ?? greatest),
    },
    operands: { x },
    resultOffset,
  });
}

export interface BinaryOptions extends Placement {
  /** Broadcasts to `shape`. */
  readonly a: View;
  readonly b: View;
  readonly kind: ElementwiseKind;
  /** Of the result. */
  readonly shape: readonly number[];
  /** Of both operands; i32 has neither `div` nor `pow`. @defaultValue f32 */
  readonly type?: ElementType;
  /** Applied to the result, f32 only. @defaultValue none */
  readonly activation?: Activation;
}

/**
 * y = activation(a kind b), y dense. Bindings: a, b, y.
 *
 * `pow` takes negative bases where the exponent is whole.
 *
 * @throws RangeError if a shape does not broadcast, AxesError if more than six axes do not merge,
 *   TypeError for what i32 does not have
 */
export function binaryKernel(options: BinaryOptions, device: KernelDevice): Kernel {
  const { kind, shape, type = 'f32', activation = 'none', resultOffset = 0 } = options;
  const isInteger = type === 'i32';
  if (isInteger && (kind === 'div' || kind === 'pow' || activation !== 'none')) {
    throw new TypeError(`binary ${kind} of i32 with activation ${activation}: wanted f32; cast`);
  }
  const a = broadcastView(options.a, shape);
  const b = broadcastView(options.b, shape);
  const lanes = groupLanes([a, b, denseView(shape, resultOffset)]);
  const types: Record<string, string> = {
    A: laneType(type, lanes.widths[0]!),
    B: laneType(type, lanes.widths[1]!),
  };
  const code = BINARY_KINDS.indexOf(kind);
  if (isInteger) {
    types['Value'] = laneType('i32', lanes.lanes);
    types['Result'] = laneType(code >= FIRST_COMPARISON ? 'f32' : 'i32', lanes.lanes);
  }
  const shader = specialize(isInteger ? integerSource : binarySource, { types });
  const withAxes = `${shader}\n${axesSource}`;
  return describe(device, lanes, {
    label: `binary ${kind} ${type} ${shape.join('x')}`,
    source: isInteger ? withAxes : linkActivation(withAxes, lanes.lanes),
    constants: {
      OPERATION: code,
      ...(isInteger ? {} : { ACTIVATION: activationCode(activation) }),
    },
    operands: { a, b },
    resultOffset,
  });
}

export interface WhereOptions extends Placement {
  /** True where not 0. All three broadcast to `shape`. */
  readonly condition: View;
  readonly a: View;
  readonly b: View;
  /** Of the result. */
  readonly shape: readonly number[];
  /** Of a, b and the result. @defaultValue f32 */
  readonly type?: ElementType;
  /** @defaultValue f32 */
  readonly conditionType?: ElementType;
}

/**
 * y = a where the condition is not 0, else b; y dense. Bindings: condition, a, b, y.
 *
 * @throws RangeError if a shape does not broadcast, AxesError if more than six axes do not merge
 */
export function whereKernel(options: WhereOptions, device: KernelDevice): Kernel {
  const { shape, type = 'f32', conditionType = 'f32', resultOffset = 0 } = options;
  const condition = broadcastView(options.condition, shape);
  const a = broadcastView(options.a, shape);
  const b = broadcastView(options.b, shape);
  const lanes = groupLanes([condition, a, b, denseView(shape, resultOffset)]);
  const types = {
    Condition: laneType(conditionType, lanes.widths[0]!),
    ConditionValue: laneType(conditionType, lanes.lanes),
    A: laneType(type, lanes.widths[1]!),
    B: laneType(type, lanes.widths[2]!),
    Value: laneType(type, lanes.lanes),
  };
  return describe(device, lanes, {
    label: `where ${type} ${shape.join('x')}`,
    source: `${specialize(whereSource, { types })}\n${axesSource}`,
    constants: {},
    operands: { condition, a, b },
    resultOffset,
  });
}

interface Description {
  readonly label: string;
  readonly source: string;
  readonly constants: Readonly<Record<string, number>>;
  /** By name in the shader, in the order of the bindings and of the lanes' views. */
  readonly operands: Readonly<Record<string, View>>;
  readonly resultOffset: number;
}

function describe(device: KernelDevice, lanes: Lanes, description: Description): Kernel {
  const { label, source, operands, resultOffset } = description;
  const constants = { ...description.constants, ...sizeConstants(lanes.sizes) };
  const bindings: Binding[] = [];
  let count = 0;
  for (const [index, [name, view]] of Object.entries(operands).entries()) {
    const { strides, offsets } = lanes;
    Object.assign(constants, strideConstants(name.toUpperCase(), strides[index]!, offsets[index]!));
    bindings.push({ name, access: 'read', bytes: viewExtent(view) * 4 });
    count = elementCount(view.shape);
  }
  bindings.push({ name: 'y', access: 'read-write', bytes: (resultOffset + count) * 4 });
  const grid = stepGrid(lanes.steps, device);
  return {
    label,
    source,
    constants: { ...constants, ...grid.constants, Y_OFFSET: resultOffset / lanes.lanes },
    bindings,
    workgroups: grid.workgroups,
    flops: count,
  };
}
