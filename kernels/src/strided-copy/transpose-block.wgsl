// As transpose-tile.wgsl, four rows by four columns per invocation in registers. For rasterisers on
// the CPU, which have no fast workgroup memory. Both sizes are multiples of four. Linked with
// axes.wgsl, which walks the other axes.

override WORKGROUP_SIZE: u32;
override STEPS: u32; // blocks in all
override ROWS: u32; // in blocks
override COLUMNS: u32; // in blocks
override X_COLUMN: u32; // strides and offsets in units of four elements
override Y_ROW: u32;
override X_0: u32;
override X_1: u32;
override X_2: u32;
override X_3: u32;
override X_OFFSET: u32;
override Y_0: u32;
override Y_1: u32;
override Y_2: u32;
override Y_3: u32;
override Y_OFFSET: u32;

@group(0) @binding(0) var<storage, read> x: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4u>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let index = (group.y * group_count.x + group.x) * WORKGROUP_SIZE + lane;
  if (index >= STEPS) {
    return;
  }
  let column = index % COLUMNS;
  let row = (index / COLUMNS) % ROWS;
  let position = position_of(index / (COLUMNS * ROWS));
  let outer_source = walk(position, vec3u(X_0, X_1, X_2), vec3u(X_3, 0, 0));
  let outer_target = walk(position, vec3u(Y_0, Y_1, Y_2), vec3u(Y_3, 0, 0));

  let from_at = X_OFFSET + outer_source + column * 4 * X_COLUMN + row;
  let a = x[from_at];
  let b = x[from_at + X_COLUMN];
  let c = x[from_at + 2 * X_COLUMN];
  let d = x[from_at + 3 * X_COLUMN];

  let to_at = Y_OFFSET + outer_target + row * 4 * Y_ROW + column;
  y[to_at] = vec4u(a.x, b.x, c.x, d.x);
  y[to_at + Y_ROW] = vec4u(a.y, b.y, c.y, d.y);
  y[to_at + 2 * Y_ROW] = vec4u(a.z, b.z, c.z, d.z);
  y[to_at + 3 * Y_ROW] = vec4u(a.w, b.w, c.w, d.w);
}
