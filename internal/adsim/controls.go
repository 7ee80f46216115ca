package adsim

import ber "github.com/go-asn1-ber/asn1-ber"

// The controls known here (MS-ADTS 3.1.1.3.4.1, RFC 3296).
const (
	oidDirSync     = "1.2.840.113556.1.4.841"
	oidPaged       = "1.2.840.113556.1.4.319"
	oidSDFlags     = "1.2.840.113556.1.4.801"
	oidTreeDelete  = "1.2.840.113556.1.4.805"
	oidDomainScope = "1.2.840.113556.1.4.1339"
	oidPermissive  = "1.2.840.113556.1.4.1413"
	oidShowDeleted = "1.2.840.113556.1.4.417"
	oidManageDsaIT = "2.16.840.1.113730.3.4.2"
)

func supportedControls() []string {
	return []string{oidPaged, oidDirSync, oidSDFlags, oidTreeDelete, oidDomainScope, oidPermissive, oidShowDeleted}
}

// controls is what a request's controls ask for.
type controls struct {
	parts           int // of security descriptors; 0: all, and only where they are asked for by name
	page            *pageControl
	sync            *syncControl
	permissive      bool
	treeDelete      bool
	domainScope     bool
	showDeleted     bool
	unknownCritical string // OID of a critical control nobody knows: result 12
}

// pageControl is the value of the paged results control (RFC 2696).
type pageControl struct {
	size   int
	cookie string
}

const maxControls = 32

// decodeControls reads the list (RFC 4511, 4.1.11).
func decodeControls(p *ber.Packet) (controls, error) {
	var c controls
	if p.ClassType != ber.ClassContext || p.Tag != 0 || p.TagType != ber.TypeConstructed {
		return c, nil // an extension of the message that we must not mind
	}
	if len(p.Children) > maxControls {
		return c, malformed("%d controls", len(p.Children))
	}
	for _, child := range p.Children {
		if err := c.decode(child); err != nil {
			return c, err
		}
	}
	return c, nil
}

func (c *controls) decode(p *ber.Packet) error {
	parts, err := members(p, ber.TagSequence)
	if err != nil {
		return err
	}
	if len(parts) == 0 || len(parts) > 3 {
		return malformed("control of %d parts", len(parts))
	}
	oid, err := octets(parts[0])
	if err != nil {
		return err
	}
	var critical bool
	var value string
	for _, part := range parts[1:] {
		if part.Tag == ber.TagBoolean {
			critical, err = boolean(part)
		} else {
			value, err = octets(part)
		}
		if err != nil {
			return err
		}
	}
	return c.apply(oid, critical, value)
}

func (c *controls) apply(oid string, critical bool, value string) (err error) {
	switch oid {
	case oidPaged:
		c.page, err = decodePage(value)
	case oidDirSync:
		c.sync, err = decodeSync(value)
	case oidPermissive:
		c.permissive = true
	case oidTreeDelete:
		c.treeDelete = true
	case oidDomainScope:
		c.domainScope = true
	case oidSDFlags:
		c.parts, err = decodeParts(value)
	case oidShowDeleted:
		c.showDeleted = true
	case oidManageDsaIT:
	default:
		if critical {
			c.unknownCritical = oid
		}
	}
	return err
}

// controlParts returns the members of a control's value, which must be so many.
func controlParts(value string, n int) ([]*ber.Packet, error) {
	packet, err := parsePDU([]byte(value))
	if err != nil {
		return nil, err
	}
	parts, err := members(packet, ber.TagSequence)
	if err == nil && len(parts) != n {
		err = malformed("control of %d parts", len(parts))
	}
	return parts, err
}

func decodePage(value string) (*pageControl, error) {
	parts, err := controlParts(value, 2)
	if err != nil {
		return nil, err
	}
	size, err := small(parts[0], ber.TagInteger)
	if err != nil {
		return nil, err
	}
	cookie, err := octets(parts[1])
	return &pageControl{size: size, cookie: cookie}, err
}

// encodePage makes the response control; AD gives no estimate of the total.
func encodePage(cookie string) []byte {
	var value encoder
	sequence := value.begin(tagSequence)
	value.integer(tagInteger, 0)
	value.octets(tagOctets, cookie)
	value.end(sequence)

	return encodeControl(oidPaged, value.buf)
}

// encodeControl makes the list of controls of an answer that has one.
func encodeControl(oid string, value []byte) []byte {
	var e encoder
	list := e.begin(tagControls)
	control := e.begin(tagSequence)
	e.octets(tagOctets, oid)
	e.octets(tagOctets, string(value))
	e.end(control)
	e.end(list)
	return e.buf
}
