/** Virtual readers: in process as a PC/SC service of their own, and over TCP into vpcd behind the real one. */
package org.fobstation.simulator.reader;
