// Solves a symmetric, positive system of three equations by elimination. Cofactors would lose
// their digits where colours lie nearly on a line, as they do in most windows.

/// off: elements 01, 02 and 12. No pivot is below the least eigenvalue; rounding may say otherwise.
fn solve_symmetric(diagonal: vec3f, off: vec3f, right: vec3f, least: f32) -> vec3f {
  let d0 = max(diagonal.x, least);
  let l10 = off.x / d0;
  let l20 = off.y / d0;
  let d1 = max(diagonal.y - l10 * off.x, least);
  let rest = off.z - l10 * off.y;
  let l21 = rest / d1;
  let d2 = max(diagonal.z - l20 * off.y - l21 * rest, least);
  let y1 = right.y - l10 * right.x;
  let y2 = right.z - l20 * right.x - l21 * y1;
  let z = y2 / d2;
  let y = y1 / d1 - l21 * z;
  let x = right.x / d0 - l10 * y - l20 * z;
  return vec3f(x, y, z);
}
