// Package shares reaches the places that homes point to. Policy says which
// places may be reached at all, Opener opens one as a login, and Check walks to
// it step by step and reports where the way ends.
//
// Whoever can write the two attributes must not choose where passwords go: a
// file server outside Policy.FileServers gets no packet, and a local folder
// outside Policy.LocalRoots is not opened. Login, check and audit obey the same
// lists because they all go through Opener.
package shares
