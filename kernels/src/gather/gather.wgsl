// Rows of a table by index: y[i] = table[clamp(indices[i], 0, ROWS - 1)], bit by bit.

alias Value = vec4<u32>; // or u32, where rows are not multiples of four

override WORKGROUP_SIZE: u32;
override STEPS: u32; // Values of y
override WIDTH: u32; // of a row, in Values
override ROWS: u32; // of the table
override TABLE_OFFSET: u32; // in Values
override INDEX_OFFSET: u32;

@group(0) @binding(0) var<storage, read> table: array<Value>; // [ROWS, WIDTH]
@group(0) @binding(1) var<storage, read> indices: array<i32>;
@group(0) @binding(2) var<storage, read_write> y: array<Value>; // [indices, WIDTH]

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
  let row = u32(clamp(indices[INDEX_OFFSET + step / WIDTH], 0, i32(ROWS) - 1));
  y[step] = table[TABLE_OFFSET + row * WIDTH + step % WIDTH];
}
