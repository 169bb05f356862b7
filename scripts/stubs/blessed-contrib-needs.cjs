// Stands in, in the bundle, for what blessed-contrib's line chart loads: blessed, lodash and drawille-canvas. The chart
// is never constructed and draws on a canvas of ours (src/chart/blessed-line.ts), so of all that only these names are
// touched, while the real packages bring 1 MB, a terminal driver that fights Ink's, and known vulnerabilities.
exports.Node = function Node() {};
exports.Box = function Box() {};
exports.Canvas = function Canvas() {};
