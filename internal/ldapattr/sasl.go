package ldapattr

import "net"

// gssClient is our side of a GSS-API context that the system makes, such as SSPI.
type gssClient interface {
	// InitSecContext takes the server's token, nil to begin, and returns ours, and
	// whether it wants another.
	InitSecContext(service string, token []byte) ([]byte, bool, error)
	// NegotiateSaslAuth answers the server's offer of layers with none.
	NegotiateSaslAuth(offer []byte, authzid string) ([]byte, error)
}

// saslRounds is the GSSAPI mechanism (RFC 4752, section 3.1) without a security
// layer, in as many rounds as the client takes.
func saslRounds(conn net.Conn, service string, client gssClient) error {
	var reply []byte
	id := int64(0)
	for more := true; more; {
		var token []byte
		var done bool
		var err error
		if token, more, err = client.InitSecContext(service, reply); err != nil {
			return err
		}
		id++
		if reply, done, err = saslStep(conn, id, token); err != nil {
			return err
		}
		// Nothing is not an answer: given to the client it would begin a second
		// context in the middle of the first.
		if done || len(reply) == 0 {
			return errOddAnswer
		}
	}
	answer, err := client.NegotiateSaslAuth(reply, "")
	if err != nil {
		return err
	}
	if _, done, err := saslStep(conn, id+1, answer); err != nil || !done {
		return orOdd(err)
	}
	return nil
}

// orOdd is the error of a step, or that the server should not have been satisfied
// yet, or still is not.
func orOdd(err error) error {
	if err != nil {
		return err
	}
	return errOddAnswer
}
