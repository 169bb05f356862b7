// Stands in for blessed in the bundle: blessed-contrib's line chart only inherits from these two and, drawn off-screen
// (src/chart/blessed-line.ts), never constructs them. The real ones bring a terminal driver that fights Ink's.
exports.Node = function Node() {};
exports.Box = function Box() {};
