package adsim

import "github.com/ftpisoctl/ftpisoctl/internal/secdesc"

// parseSID reads S-1-… text into the bytes of objectSid.
func parseSID(text string) (string, bool) {
	sid, err := secdesc.ParseSID(text)
	return string(sid), err == nil
}

// isSID tells whether bytes have the form of a SID.
func isSID(sid string) bool {
	_, n, err := secdesc.SIDFrom([]byte(sid))
	return err == nil && n == len(sid)
}

// withRID returns the SID of a principal in the domain whose SID is given.
func withRID(domain string, rid uint32) string { return string(secdesc.SID(domain).WithRID(rid)) }

// parseGUID reads the text form, with or without braces, into the bytes of
// objectGUID.
func parseGUID(text string) (string, bool) {
	guid, err := secdesc.ParseGUID(text)
	return string(guid[:]), err == nil
}

// textOfGUID is the text form of the bytes of an objectGUID.
func textOfGUID(octets string) string {
	var guid secdesc.GUID
	copy(guid[:], octets)
	return guid.String()
}
