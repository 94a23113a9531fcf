// Queries attend to the keys of their window of a grid, where rows lie row by row of the grid.
//
// The grid is padded at the right and at the bottom to whole windows.

override KEY_GRID_HEIGHT: u32;
override KEY_GRID_WIDTH: u32;
override KEY_WINDOW_HEIGHT: u32;
override KEY_WINDOW_WIDTH: u32;
override QUERY_GRID_HEIGHT: u32;
override QUERY_GRID_WIDTH: u32;
override QUERY_WINDOW_HEIGHT: u32;
override QUERY_WINDOW_WIDTH: u32;
override WINDOWS_Y: u32;
override WINDOWS_X: u32;

fn place_in_window(group: u32, i: u32, window: vec2u, grid: vec2u) -> Place {
  let windows = WINDOWS_Y * WINDOWS_X;
  let index = group % windows;
  let y = index / WINDOWS_X * window.y + i / window.x;
  let x = index % WINDOWS_X * window.x + i % window.x;
  let inside = y < grid.y && x < grid.x && i < window.x * window.y;
  return Place(group / windows, select(0, y * grid.x + x, inside), inside);
}

fn query_place(group: u32, query: u32) -> Place {
  let window = vec2u(QUERY_WINDOW_WIDTH, QUERY_WINDOW_HEIGHT);
  return place_in_window(group, query, window, vec2u(QUERY_GRID_WIDTH, QUERY_GRID_HEIGHT));
}

fn key_place(group: u32, key: u32) -> Place {
  let window = vec2u(KEY_WINDOW_WIDTH, KEY_WINDOW_HEIGHT);
  return place_in_window(group, key, window, vec2u(KEY_GRID_WIDTH, KEY_GRID_HEIGHT));
}
