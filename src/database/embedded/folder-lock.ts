export const lockFolder =
  async (_folder: string): Promise<() => Promise<void>> =>
  async () => {};
