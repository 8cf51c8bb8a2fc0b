// Many reasons to look, few looks.

/** Runs `work` once at a time and at most once more after it, not closer than `pause` ms. */
export function coalesced(work, pause) {
  let running = null;
  let isAskedAgain = false;
  return function run() {
    if (running) {
      isAskedAgain = true;
      return running;
    }
    running = work()
      .catch(() => null) // the live stream tells when the server is away, and asks again when back
      .then(() => new Promise((resolve) => setTimeout(resolve, pause)))
      .then(() => {
        running = null;
        if (!isAskedAgain) return null;
        isAskedAgain = false;
        return run();
      });
    return running;
  };
}
