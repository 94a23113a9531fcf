// Parts of a picture that are worked on together: one after the other in the buffers of pixels, one
// row of workgroups each.

struct Tile {
  left: i32, // in the picture, may be beyond it
  top: i32,
  width: u32,
  height: u32,
  first: u32, // of its pixels in the buffers
  margin: u32, // pixels around it that are solved with it
  word: u32, // the first of its levels, four to a word
  window_left: u32, // of the middles of whole windows of 3x3: the first column
  window_right: u32, // and behind the last
  window_top: u32,
  window_bottom: u32,
  groups: u32, // workgroups that it takes
  part: u32, // the first of what they sum, one each
}

/// How far a tile has been solved for.
struct Course {
  rho: f32, // squared residual, preconditioned
  enough: f32, // it may have that much
  step: f32,
  turn: f32,
  runs: u32, // 1: not yet done
}

const LABEL = 1u << 24; // flag beside a colour: inside of the mask
