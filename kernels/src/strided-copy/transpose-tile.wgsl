// Copies a view whose neighbours lie along ROWS of the target into a target whose neighbours lie
// along COLUMNS. A tile goes through workgroup memory, so that both sides are read and written in
// runs of neighbours. Linked with axes.wgsl, which walks the other axes.

override TILE: u32 = 32;
override LINES: u32 = 8; // rows of the tile that the workgroup moves at a time
override ROWS: u32;
override COLUMNS: u32;
override X_COLUMN: u32; // stride of x along COLUMNS; along ROWS it is 1
override Y_ROW: u32; // stride of y along ROWS; along COLUMNS it is 1
override GROUPS: u32;
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

@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read_write> y: array<u32>;

// One more per line, so that a column is spread over the memory's banks.
var<workgroup> tile: array<u32, (TILE + 1) * TILE>;

@compute @workgroup_size(TILE, LINES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) group_count: vec3u,
  @builtin(local_invocation_id) local: vec3u,
) {
  let index = group.y * group_count.x + group.x;
  if (index >= GROUPS) {
    return;
  }
  let across = (COLUMNS + TILE - 1) / TILE;
  let down = (ROWS + TILE - 1) / TILE;
  let first_column = (index % across) * TILE;
  let first_row = ((index / across) % down) * TILE;
  let position = position_of(index / (across * down));
  let source = X_OFFSET + walk(position, vec3u(X_0, X_1, X_2), vec3u(X_3, 0, 0));
  let target_at = Y_OFFSET + walk(position, vec3u(Y_0, Y_1, Y_2), vec3u(Y_3, 0, 0));

  for (var line = local.y; line < TILE; line += LINES) {
    let column = first_column + line;
    let row = first_row + local.x;
    if (row < ROWS && column < COLUMNS) {
      tile[line * (TILE + 1) + local.x] = x[source + column * X_COLUMN + row];
    }
  }
  workgroupBarrier();
  for (var line = local.y; line < TILE; line += LINES) {
    let row = first_row + line;
    let column = first_column + local.x;
    if (row < ROWS && column < COLUMNS) {
      y[target_at + row * Y_ROW + column] = tile[local.x * (TILE + 1) + line];
    }
  }
}
