// Ink imports this only when asked to debug itself (DEV=true), and an import that cannot be resolved ends the program.
export default { initialize() {}, connectToDevTools() {} };
