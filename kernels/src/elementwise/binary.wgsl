// y = activate(a OPERATION b), dense y. Linked with axes.wgsl and activation.wgsl, which have
// `position_of` and `activate`.

override OPERATION: u32; // position in BINARY_KINDS of binary.ts
override STEPS: u32;
override WORKGROUP_SIZE: u32;
override A_0: u32;
override A_1: u32;
override A_2: u32;
override A_3: u32;
override A_4: u32;
override A_5: u32;
override A_OFFSET: u32;
override B_0: u32;
override B_1: u32;
override B_2: u32;
override B_3: u32;
override B_4: u32;
override B_5: u32;
override B_OFFSET: u32;
override Y_OFFSET: u32;

alias A = vec4<f32>; // f32 where one element is shared by all lanes of a Value
alias B = vec4<f32>;

@group(0) @binding(0) var<storage, read> a: array<A>;
@group(0) @binding(1) var<storage, read> b: array<B>;
@group(0) @binding(2) var<storage, read_write> y: array<Value>;

// WGSL's pow takes no negative base, which has a power where the exponent is whole.
fn power(a: Value, b: Value) -> Value {
  let magnitude = select(pow(abs(a), b), a * a, b == Value(2.0));
  let is_odd = b - 2.0 * floor(b * 0.5) == Value(1.0);
  let signed = select(magnitude, -magnitude, (a < Value(0.0)) & is_odd);
  let undefined_power = (a < Value(0.0)) & (b != floor(b));
  return select(select(signed, sqrt(a), undefined_power), Value(1.0), b == Value(0.0));
}

fn combine(a: Value, b: Value) -> Value {
  let zero = Value(0.0);
  let one = Value(1.0);
  switch (OPERATION) {
    case 0: { return a + b; }
    case 1: { return a - b; }
    case 2: { return a * b; }
    case 3: { return a / b; }
    case 4: { return max(a, b); }
    case 5: { return min(a, b); }
    case 6: { return power(a, b); }
    case 7: { return select(zero, one, a == b); }
    case 8: { return select(zero, one, a > b); }
    case 9: { return select(zero, one, a >= b); }
    case 10: { return select(zero, one, a < b); }
    default: { return select(zero, one, a <= b); }
  }
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let step = (group.y * group_count.x + group.x) * WORKGROUP_SIZE + lane;
  if (step >= STEPS) {
    return;
  }
  let position = position_of(step);
  let a_at = walk(position, vec3u(A_0, A_1, A_2), vec3u(A_3, A_4, A_5));
  let b_at = walk(position, vec3u(B_0, B_1, B_2), vec3u(B_3, B_4, B_5));
  y[step + Y_OFFSET] = activate(combine(Value(a[a_at + A_OFFSET]), Value(b[b_at + B_OFFSET])));
}
