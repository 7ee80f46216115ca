package ftpsrv

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"hash/crc32"
	"math"
	"strconv"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/ftpwire"
)

// algorithm is one way to sum up a file, by its name in IANA's list of hash function
// names. The weak ones are there because clients ask for nothing else; they tell a
// damaged file, not a forged one.
type algorithm struct {
	name string
	make func() hash.Hash
}

// Places in algorithms.
const (
	sumSHA256 = iota
	sumSHA512
	sumSHA1
	sumMD5
	sumCRC32
)

// algorithms in the order of FEAT's line; a session begins with the first.
var algorithms = [...]algorithm{
	sumSHA256: {"SHA-256", sha256.New},
	sumSHA512: {"SHA-512", sha512.New},
	sumSHA1:   {"SHA-1", sha1.New},
	sumMD5:    {"MD5", md5.New},
	sumCRC32:  {"CRC32", func() hash.Hash { return crc32.NewIEEE() }},
}

// algorithmNamed returns the place of a name in algorithms.
func algorithmNamed(name string) (int, bool) {
	for i, a := range algorithms {
		if strings.EqualFold(a.name, name) {
			return i, true
		}
	}
	return 0, false
}

// checksum is the task of a verb that sums up a file, or the part of it that find says,
// in lower-case hexadecimal digits.
func checksum(c *conn, used int, find finder, answer func(sum string, octets int64) ftpwire.Reply) task {
	desk := c.srv.desk
	return func(ctx context.Context, at *place) (ftpwire.Reply, error) {
		part, err := find(ctx, at)
		if err != nil {
			return ftpwire.Reply{}, err
		}
		sum := algorithms[used].make()
		octets, err := desk.read(ctx, at.root, part, sum)
		return answer(hex.EncodeToString(sum.Sum(nil)), octets), err
	}
}

// finder finds what an argument names, and checks that it is there.
type finder func(ctx context.Context, at *place) (span, error)

// whole is all of a file.
func whole(arg string) finder { return part(arg, 0, math.MaxInt64) }

// part is what a file holds from an offset to before another.
func part(arg string, from, end int64) finder {
	return func(ctx context.Context, at *place) (span, error) {
		_, err := at.file(ctx, arg)
		return span{at.path, from, end - from}, err
	}
}

// xsum is what the verbs XCRC, XMD5 and XSHA… do, which nobody has written down:
//
//	XCRC name
//	XCRC "name" start
//	XCRC "name" start end
//
// The octet at end is not part of the part. Without quotes the whole argument is the
// name if there is such a file, else numbers at its end are no part of the name.
func xsum(c *conn, arg string, used int) (task, error) {
	return checksum(c, used, quotedSpan(arg), func(sum string, _ int64) ftpwire.Reply {
		return ftpwire.NewReply(250, sum)
	}), nil
}

func quotedSpan(arg string) finder {
	return func(ctx context.Context, at *place) (span, error) {
		arg := strings.TrimSpace(arg)
		var name string
		var numbers []string
		if inside, behind, closed := strings.Cut(strings.TrimPrefix(arg, `"`), `"`); closed && strings.HasPrefix(arg, `"`) {
			name, numbers = inside, strings.Fields(behind)
		} else if part, err := whole(arg)(ctx, at); err == nil {
			return part, nil
		} else if name, numbers = trailingNumbers(arg); len(numbers) == 0 {
			return span{}, err
		}
		return numberedSpan(ctx, at, name, numbers)
	}
}

// numberedSpan is the part of a file between up to two numbers.
func numberedSpan(ctx context.Context, at *place, name string, numbers []string) (span, error) {
	if len(numbers) > 2 {
		return span{}, errParameters
	}
	info, err := at.file(ctx, name)
	if err != nil {
		return span{}, err
	}
	from, to := int64(0), info.Size()
	for i, number := range numbers {
		n, err := strconv.ParseUint(number, 10, 63)
		if err != nil {
			return span{}, errArgument
		}
		if i == 0 {
			from = int64(n)
		} else {
			to = int64(n)
		}
	}
	if from > to || to > info.Size() {
		return span{}, errArgument
	}
	return span{at.path, from, to - from}, nil
}

// trailingNumbers splits up to two numbers off the end of an argument.
func trailingNumbers(arg string) (name string, numbers []string) {
	name = arg
	for range 2 {
		at := strings.LastIndexByte(name, ' ')
		if at <= 0 || strings.Trim(name[at+1:], "0123456789") != "" || at+1 == len(name) {
			break
		}
		numbers = append([]string{name[at+1:]}, numbers...)
		name = strings.TrimRight(name[:at], " ")
	}
	return name, numbers
}
