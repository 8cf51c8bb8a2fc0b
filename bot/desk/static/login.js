// Whoever was sent here from a conversation comes back to it.
document.querySelector("form").action += location.hash;

// A link from outside arrives without our cookie (it is SameSite=Strict), although the agent may
// be logged in: this request comes from our own page and carries it.
const answer = await fetch("/desk", { method: "HEAD", redirect: "manual" }).catch(() => null);
if (answer?.ok && !document.querySelector("#error")) location.replace("/desk" + location.hash);
