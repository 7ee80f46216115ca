package survey

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Size is a number of octets.
type Size uint64

// unitLetters are the prefixes of binary units, each 1,024 of the one before.
const unitLetters = "KMGTP"

// ParseSize reads 500, 500MB, 1.5GiB or 20G. Units are powers of 1,024 however they
// are spelled, as in Windows.
func ParseSize(s string) (Size, error) {
	number := strings.ToUpper(strings.TrimSpace(s))
	number = strings.TrimSuffix(strings.TrimSuffix(number, "B"), "I")
	factor := 1.0
	if n := len(number); n > 0 {
		if power := strings.IndexByte(unitLetters, number[n-1]); power >= 0 {
			number, factor = number[:n-1], math.Pow(1024, float64(power+1))
		}
	}
	value, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if err != nil || math.IsNaN(value) || value < 0 || value*factor >= math.MaxInt64 {
		return 0, errors.New("is no size; write a number and a unit, such as 500MiB or 20GiB")
	}
	return Size(value * factor), nil
}

// String returns the size with one decimal in the unit that fits.
func (s Size) String() string {
	if s < 1024 {
		return strconv.FormatUint(uint64(s), 10) + " B"
	}
	value, unit := float64(s), -1
	for value >= 1024 && unit < len(unitLetters)-1 {
		value, unit = value/1024, unit+1
	}
	return fmt.Sprintf("%.1f %ciB", value, unitLetters[unit])
}

// Threshold is the least space that is to be free: a size, or a part of the whole.
// The zero Threshold is never undercut.
type Threshold struct {
	size    Size
	percent float64 // where it is not 0, size does not count
}

// ParseThreshold reads what ParseSize reads, and a percentage such as 10%.
func ParseThreshold(s string) (Threshold, error) {
	part, isPart := strings.CutSuffix(strings.TrimSpace(s), "%")
	if !isPart {
		size, err := ParseSize(s)
		return Threshold{size: size}, err
	}
	percent, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
	if err != nil || !(percent >= 0 && percent <= 100) {
		return Threshold{}, errors.New("is no part of a whole; write 0% to 100%")
	}
	return Threshold{percent: percent}, nil
}

// String returns what ParseThreshold reads.
func (t Threshold) String() string {
	if t.percent != 0 {
		return strconv.FormatFloat(t.percent, 'f', -1, 64) + "%"
	}
	return t.size.String()
}

// undercut reports whether free is too little of total.
func (t Threshold) undercut(free, total Size) bool {
	if t.percent != 0 {
		return float64(free) < float64(total)*t.percent/100
	}
	return free < t.size
}
