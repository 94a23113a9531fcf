// y = a where the condition is not 0, else b; dense y. Linked with axes.wgsl, which has
// `position_of`.

override STEPS: u32;
override WORKGROUP_SIZE: u32;
override CONDITION_0: u32;
override CONDITION_1: u32;
override CONDITION_2: u32;
override CONDITION_3: u32;
override CONDITION_4: u32;
override CONDITION_5: u32;
override CONDITION_OFFSET: u32;
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

alias Value = vec4<f32>; // or f32, i32, vec4<i32>
alias A = vec4<f32>; // one element where it is shared by all lanes of a Value
alias B = vec4<f32>;
alias ConditionValue = vec4<f32>; // as many lanes as Value
alias Condition = vec4<f32>; // one element where it is shared

@group(0) @binding(0) var<storage, read> condition: array<Condition>;
@group(0) @binding(1) var<storage, read> a: array<A>;
@group(0) @binding(2) var<storage, read> b: array<B>;
@group(0) @binding(3) var<storage, read_write> y: array<Value>;

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
  let condition_at = walk(
    position,
    vec3u(CONDITION_0, CONDITION_1, CONDITION_2),
    vec3u(CONDITION_3, CONDITION_4, CONDITION_5),
  );
  let a_at = walk(position, vec3u(A_0, A_1, A_2), vec3u(A_3, A_4, A_5));
  let b_at = walk(position, vec3u(B_0, B_1, B_2), vec3u(B_3, B_4, B_5));
  let chosen = ConditionValue(condition[condition_at + CONDITION_OFFSET]) != ConditionValue(0);
  y[step + Y_OFFSET] = select(Value(b[b_at + B_OFFSET]), Value(a[a_at + A_OFFSET]), chosen);
}
