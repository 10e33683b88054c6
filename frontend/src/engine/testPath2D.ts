/** A path of a canvas, which jsdom has not: takes whatever is drawn. */
export class FakePath2D {
  moveTo() {}
  lineTo() {}
  closePath() {}
  rect() {}
  addPath() {}
  arc() {}
}
