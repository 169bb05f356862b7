/** The environment as vdsotop was given it, before it changed its own: what a command that it starts must get. */
export const originalEnvironment: NodeJS.ProcessEnv = { ...process.env };
