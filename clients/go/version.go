package libsales

// Version is this client's version; the server sees it in the user agent.
const Version = "0.1.0"
