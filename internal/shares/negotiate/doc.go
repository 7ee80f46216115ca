// Package negotiate asks a file server what it offers and demands before anybody
// logs in: dialect, signing, ciphers, sizes, its clock. It speaks the first
// message of SMB2 [MS-SMB2 2.2.3, 2.2.4] and of SMB1 by itself, because the SMB
// library neither reports nor requests these things.
//
// An answer is not protected by anything, and may come from somebody in between.
// It is good for a report; what a session is worth the session itself finds out.
package negotiate
