/** Below the help of every command without words of its own. */
export const EPILOGUE = `Exit codes:
  0  healthy: no problem found, and everything the verdict rests on was checked
  1  problem: at least one failure was found
  2  the command line, a file or the cluster connection is wrong
  3  inconclusive: no problem proven, but something could not be looked at

Read-only: gets and lists only. --mint, --exec and --exchange use a live token, and the report lists
each request they made. No telemetry.`;

/** Below the help of `explain`. */
export const EXPLAIN_EPILOGUE = `Exit codes:
  0  something was recognised
  2  the command line, a file or, with --pod, the cluster connection is wrong
  3  nothing was recognised

Works offline; only --pod looks at the cluster, and its findings do not change the exit code.`;

/** Below the help of commands that only show something. */
export const LOOK_UP_EPILOGUE = `Exit codes:
  0  it was shown
  2  there is no such name, or the command line is wrong`;
