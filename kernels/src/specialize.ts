/** A shader does not have what it is to be specialised in: a mistake in the kernel's module. */
export class SpecializeError extends Error {
  override readonly name = 'SpecializeError';
  readonly code = 'specialize';
}

export interface Specialization {
  /**
   * New values of `const NAME = 4u;` lines: sizes of register tiles, which WGSL does not let an
   * `override` set.
   */
  readonly constants?: Readonly<Record<string, number>>;
  /** New targets of `alias NAME = f32;` lines: element types. `f16` adds `enable f16;`. */
  readonly types?: Readonly<Record<string, string>>;
}

/**
 * Rewrites the switchable lines of a shader.
 *
 * A `.wgsl` file is valid as written; this changes the right-hand sides of its `const` and `alias`
 * lines and nothing else.
 *
 * @throws SpecializeError if a line of that name is not there
 */
export function specialize(source: string, { constants = {}, types = {} }: Specialization): string {
  let result = source;
  for (const [name, value] of Object.entries(constants)) {
    result = replaceLine(result, new RegExp(`^const ${name}(: \\w+)? = [^;]+;`, 'm'), (type) => {
      const suffix = type === undefined ? 'u' : '';
      return `const ${name}${type ?? ''} = ${value}${suffix};`;
    });
  }
  for (const [name, type] of Object.entries(types)) {
    result = replaceLine(
      result,
      new RegExp(`^alias ${name} = [^;]+;`, 'm'),
      () => `alias ${name} = ${type};`,
    );
  }
  const usesFloat16 = Object.values(types).some((type) => /\bf16\b|\bvec[234]h\b/.test(type));
  return usesFloat16 ? `enable f16;\n${result}` : result;
}

function replaceLine(
  source: string,
  line: RegExp,
  write: (type: string | undefined) => string,
): string {
  const match = line.exec(source);
  if (match === null) {
    throw new SpecializeError(`the shader has no line like ${line.source}`);
  }
  return source.replace(line, write(match[1]));
}

/**
 * A grid of `count` workgroups that no dimension's limit is too small for. The shader computes its
 * index as `group.y * group_count.x + group.x`, and returns early when it is past the end.
 */
export function spreadWorkgroups(count: number, limit: number): [number, number, number] {
  if (count <= limit) {
    return [count, 1, 1];
  }
  const rows = Math.ceil(count / limit);
  return [Math.ceil(count / rows), rows, 1];
}
